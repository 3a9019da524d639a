"""A Telegram bot that settles Bitcoin vs Bitcoin Cash questions."""

import os

# numpy's threads wait busily for the next product, which takes a whole processor; where several help, we start them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
