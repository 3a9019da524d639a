"""A conversation in the terminal: questions, numbered buttons, goodbye."""

from bot.faces.terminal.chat import Chat
from bot.pipeline import Pipeline


async def talk(pipeline: Pipeline, *lines: str) -> list[str]:
    said: list[str] = []
    await Chat(pipeline, said.append).run(lines)
    return said[2:]


async def test_buttons_are_pressed_by_their_number(pipeline: Pipeline) -> None:
    """A number leads where the button of the last reply does."""
    answer, related = await talk(pipeline, "why did bch fork", "1")

    assert "[1] When and how the fork happened" in answer
    assert "478,558" in related


async def test_topics_are_browsed_and_numbers_refreshed(pipeline: Pipeline) -> None:
    """Every kind of button works in the terminal too."""
    said: list[str] = []
    chat = Chat(pipeline, said.append)
    await chat.run(["1"])
    chat.show(await pipeline.statistics())
    await chat.run(["asdf qwer"])
    chat.show(await pipeline.statistics())
    chat.show(await chat.reply("1"))

    assert any("Topics, page 1 of" in text for text in said)
    assert said[-1] == said[-2]
    assert "EH/s" in said[-1]


async def test_a_number_that_is_no_button_is_a_question(pipeline: Pipeline) -> None:
    """`99` is looked up like any text."""
    answer, other = await talk(pipeline, "why did bch fork", "99")

    assert other != answer


async def test_empty_lines_and_goodbye(pipeline: Pipeline) -> None:
    """Nothing is said to an empty line, nothing is read after goodbye."""
    assert await talk(pipeline, "", "   ", "Quit", "why did bch fork") == []
