"""Conversations with the real bot in a local Telegram."""

from dataclasses import replace

import pytest

from bot.faces.simulator import Status
from bot.match import Matcher, decide
from bot.model.clock import utc_now
from bot.model.knowledge import Library
from bot.model.money import Fiat
from bot.model.question import Question
from bot.model.verdict import Choice
from bot.pipeline import Pipeline
from bot.reply.terminal import plain
from tests.conftest import StandingClock
from tests.telegram.conftest import Stage
from tests.web import Web


async def test_a_private_question_its_related_one_and_its_edit(stage: Stage) -> None:
    """A question gets a table and buttons, a button another answer, an edit an edited answer."""
    ann = stage.person()

    asked = ann.say(ann.private, "y did bch fork")
    (answer,) = await stage.said(ann.private)
    assert "2017" in answer.text
    assert "\nBTC: " in answer.text
    assert "\nBCH: " in answer.text
    assert "As of 20" in answer.text

    press = ann.press(answer, answer.buttons[0][0].label)
    _, related = await stage.said(ann.private, 2)
    assert related.text != answer.text
    assert press.answer is not None

    ann.edit(asked, "which one has the bigger blocks")
    await stage.telegram.wait_for(lambda: answer.edited)
    assert "32 MB" in answer.text
    assert len(await stage.said(ann.private, 2)) == 2


async def test_a_group_hears_only_what_is_meant_for_it(stage: Stage) -> None:
    """Chatter is silence; a mention, a reply and a command are answered, quoting the asker."""
    ann, bob = stage.person("Ann"), stage.person("Bob")
    stage.telegram.privacy = False
    group = stage.telegram.supergroup("Club", [ann, bob])

    ann.say(group, "why did bch fork from bitcoin")
    bob.say(group, "bitcoin cash is cheaper lol")
    assert await stage.is_silent(group)

    asked = ann.say(group, "🤔🤔 @Duel_Bot why did bch fork?")
    (answer,) = await stage.said(group)
    assert "2017" in answer.text
    assert answer.reply_to == asked.id

    bob.say(group, "and is bch faster than btc", reply_to=answer)
    _, second = await stage.said(group, 2)
    assert "600 s" in second.text or "10 minutes" in second.text or "ten minutes" in second.text

    bob.say(group, "lol same", reply_to=answer)
    assert await stage.is_silent(group, 2)


async def test_status_tells_how_each_source_is(stage: Stage, web: Web) -> None:
    """Before the first question nobody was asked; afterwards each says when it answered or why not."""
    ann = stage.person()
    web.fail("403", "mempool_space")

    ann.say(ann.private, "/status")
    ann.say(ann.private, "/fees")
    ann.say(ann.private, "/status")
    before, _, after = await stage.said(ann.private, 3)

    assert "not asked yet" in before.text
    assert "answered HTTP 403" in after.text
    assert "well" in after.text


async def test_a_cost_changes_in_place_with_the_transaction(stage: Stage) -> None:
    """By command or in words; its buttons switch the script type and the inputs, one after the other."""
    ann = stage.person()

    ann.say(ann.private, "what does it cost to send $25")
    ann.say(ann.private, "/cost 25 USD")
    in_words, cost = await stage.said(ann.private, 2)
    assert in_words.text == cost.text
    assert "BTC P2WPKH, 141 vB" in cost.text

    ann.press(cost, "Taproot")
    await stage.telegram.wait_for(lambda: "BTC P2TR, 154 vB" in cost.text)
    ann.press(cost, "2 in")
    await stage.telegram.wait_for(lambda: "2 inputs, 2 outputs (BTC P2TR, 212 vB" in cost.text)
    assert "Sending $25" in cost.text
    assert len(await stage.said(ann.private, 2)) == 2


async def test_an_amount_is_converted(stage: Stage) -> None:
    """`/convert` gives the worth and the rate."""
    ann = stage.person()

    ann.say(ann.private, "/convert 100 EUR BCH")

    (converted,) = await stage.said(ann.private)
    assert "€100 ≈ 0.2554 BCH" in converted.text
    assert "1 BCH = €391.50" in converted.text


async def test_a_price_in_other_money(stage: Stage) -> None:
    """By command or in words, beside the price in dollars."""
    ann = stage.person()

    for text in ("/price eur", "btc price in euros", "/price", "/stats"):
        ann.say(ann.private, text)
    command, words, dollars, table = await stage.said(ann.private, 4)

    assert "€78,300" in command.text
    assert command.text == words.text
    assert "$90,000" in command.text
    assert "€" not in dollars.text + table.text


@pytest.mark.parametrize("text", ["/price", "btc price", "/stats"])
async def test_an_installation_has_its_own_money(text: str, pipeline: Pipeline, clock: StandingClock) -> None:
    """With `answers.currency` set, every price is shown in that currency too."""
    local = replace(pipeline, currency=Fiat.CHF)
    replies = {"/price": local.price, "/stats": local.statistics}

    reply = await replies[text]() if text in replies else (await local.answer(Question(text, clock.now))).reply

    assert reply
    assert "CHF 72,000" in plain(reply)
    assert plain(reply).count("Price in CHF") == 1


async def test_a_chart_is_a_picture_with_other_spans_as_buttons(stage: Stage) -> None:
    """By command or in words, in place when another span is pressed; what cannot be drawn is said."""
    ann = stage.person()

    ann.say(ann.private, "/chart price 7d")
    (chart,) = await stage.said(ann.private)
    assert chart.upload.startswith(b"\x89PNG")
    assert "Price, BTC and BCH, 7 days" in chart.text
    assert "CoinGecko" in chart.text
    week = chart.upload

    ann.press(chart, "24 hours")
    await stage.telegram.wait_for(lambda: chart.upload != week)
    assert "24 hours" in chart.text

    ann.say(ann.private, "show me a chart of the bch price, last 30 days")
    ann.say(ann.private, "/chart weather")
    ann.say(ann.private, "/chart hashrate")
    _, month, unknown, empty = await stage.said(ann.private, 4)
    assert "30 days" in month.text
    assert month.upload
    assert "'weather'" in unknown.text
    assert "hashrate" in unknown.text
    assert "nothing recorded yet" in empty.text


async def test_the_card_is_refreshed_in_place(stage: Stage, web: Web) -> None:
    """The numbers that matter as a picture, with their sources in the caption, and fresher ones by a press."""
    ann = stage.person()

    ann.say(ann.private, "/card")
    (card,) = await stage.said(ann.private)
    first = card.upload
    assert first.startswith(b"\x89PNG")
    assert "CoinGecko" in card.text

    web.fail("500")
    press = ann.press(card, "↻ Refresh numbers")
    await stage.telegram.wait_for(lambda: press.answer is not None)
    assert len(stage.telegram.sent_by_bot(ann.private)) == 1


async def test_an_answer_stays_in_its_topic(stage: Stage) -> None:
    """A topic is answered in the topic; General is answered without a thread id."""
    ann = stage.person()
    forum = stage.telegram.forum("Forum", [ann])
    fees = forum.topic("Fees", by=ann)

    asked = ann.say(forum, "@duel_bot what are the fees", thread=fees)
    (answer,) = await stage.said(forum)
    assert (answer.thread, answer.reply_to) == (fees.id, asked.id)

    ann.say(forum, "/compare fees")
    await stage.said(forum, 2)
    sent = stage.telegram.calls_of("sendMessage")[-1]
    assert "message_thread_id" not in sent.parameters


async def test_a_channel_post_is_answered_in_the_channel(stage: Stage) -> None:
    """A command posted in a channel is answered there; other posts are not."""
    ann = stage.person()
    channel = stage.telegram.channel("News", owner=ann)

    ann.post(channel, "bch fees are low today")
    ann.post(channel, "/fees")
    (answer,) = await stage.said(channel)

    assert "sat/vB" in answer.text
    assert "sat/B" in answer.text


async def test_a_close_call_is_settled_by_a_button(stage: Stage, library: Library, matcher: Matcher) -> None:
    """Did you mean: a press turns the choice into the answer."""
    ann = stage.person()
    texts = (exam.text for exam in library.packs["btc-vs-bch"].exams)
    close_call = next(text for text in texts if isinstance(decide(matcher.rank(Question(text, utc_now()))), Choice))

    ann.say(ann.private, close_call)
    (choice,) = await stage.said(ann.private)
    labels = [button.label for row in choice.buttons for button in row]
    assert 2 <= len(labels) <= 3

    press = ann.press(choice, labels[0])
    await stage.telegram.wait_for(lambda: choice.edited)

    assert "As of 20" in choice.text
    assert press.answer is not None


async def test_numbers_are_refreshed_in_place(stage: Stage) -> None:
    """Refresh edits the message with new numbers, and says so when there are none."""
    ann = stage.person()
    ann.say(ann.private, "/price")
    (answer,) = await stage.said(ann.private)
    label = next(button.label for row in answer.buttons for button in row if "Refresh" in button.label)

    same = ann.press(answer, label)
    await stage.telegram.wait_for(lambda: same.answer)

    assert same.answer
    assert same.answer["text"] == "Nothing newer yet."


@pytest.mark.parametrize("data", ["", "0afork-reason", "1ano-such-entry", "1bx", "1b99999", "1", "1z1", "x" * 64])
async def test_a_stale_or_forged_button_says_so(stage: Stage, data: str) -> None:
    """Whatever a button carries, the press is answered and nothing breaks."""
    ann = stage.person()
    ann.say(ann.private, "/topics")
    (answer,) = await stage.said(ann.private)

    press = ann.forge(answer, data)
    await stage.telegram.wait_for(lambda: press.answer)

    assert press.answer
    assert "older answer" in press.answer["text"]
    assert press.answer["show_alert"]


async def test_topics_are_browsed_by_buttons(stage: Stage) -> None:
    ann = stage.person()
    ann.say(ann.private, "/topics")
    (page,) = await stage.said(ann.private)
    assert page.text.startswith("Topics, page 1 of")

    ann.press(page, "More ›")
    await stage.telegram.wait_for(lambda: page.edited)
    assert page.text.startswith("Topics, page 2 of")

    ann.press(page, page.buttons[0][0].label)
    _, answer = await stage.said(ann.private, 2)
    assert "As of 20" in answer.text


COMMANDS = {
    "/start": "Ask in your own words",
    "/help": "In a group I answer only",
    "/about": "No advice, no predictions",
    "/fees": "sat/vB",
    "/price": "$",
    "/stats": "EH/s",
    "/compare": "BTC: ",
    "/compare fees": "sat",
    "/compare segwit": "SegWit",
    "/ask why did bch fork": "2017",
    "/ask": "words",
    "/compare@duel_bot fees": "sat",
}


@pytest.mark.parametrize(("command", "wanted"), COMMANDS.items())
async def test_every_command_answers(stage: Stage, command: str, wanted: str) -> None:
    ann = stage.person()
    ann.say(ann.private, command)

    answer = (await stage.said(ann.private))[0]

    assert wanted in answer.text


async def test_ask_as_a_reply_answers_the_message_it_replies_to(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    group = stage.telegram.supergroup("Club", [ann, bob])
    claim = bob.say(group, "why did bch fork in 2017?")

    ann.say(group, "/ask", reply_to=claim)
    (answer,) = await stage.said(group)

    assert "2017" in answer.text


async def test_a_command_for_another_bot_is_none_of_ours(stage: Stage) -> None:
    ann = stage.person()
    group = stage.telegram.group("Club", [ann])
    stage.telegram.privacy = False

    ann.say(group, "/fees@other_bot")

    assert await stage.is_silent(group)


async def test_the_menu_is_published_for_each_place(stage: Stage) -> None:
    menus = stage.telegram.commands
    private = next(menu for scope, menu in menus.items() if "all_private_chats" in scope)
    groups = next(menu for scope, menu in menus.items() if "all_group_chats" in scope)

    assert {
        "start",
        "help",
        "ask",
        "compare",
        "fees",
        "price",
        "stats",
        "status",
        "topics",
        "about",
        "chart",
        "card",
        "cost",
        "convert",
        "privacy",
        "forgetme",
        "settings",
        "post",
        "posts",
        "alert",
        "alerts",
        "quiz",
    } == set(private)
    numbers = {"fees", "price", "stats", "chart", "card", "cost", "convert", "alert", "alerts"}
    assert {"help", "ask", "compare", "quiz", *numbers} == set(groups)


async def test_every_call_was_accepted_and_shows_no_previews(stage: Stage) -> None:
    ann = stage.person()
    ann.say(ann.private, "what is bitcoin cash")
    await stage.said(ann.private)

    sent = stage.telegram.calls_of("sendMessage")[0]

    assert '"is_disabled": true' in sent.parameters["link_preview_options"]
    assert not [call for call in stage.telegram.calls if call.refused]


async def test_the_bot_is_blocked_and_goes_on(stage: Stage) -> None:
    ann, bob = stage.person("Ann"), stage.person("Bob")
    ann.say(ann.private, "hi there")
    stage.telegram.set_bot_status(ann.private, Status.KICKED, ann)
    bob.say(bob.private, "/help")

    assert await stage.said(bob.private)


async def test_the_library_does_not_remember_who_wrote(stage: Stage) -> None:
    """It would note everybody for ever, to save data of theirs that there are none of."""
    ann = stage.person()
    ann.say(ann.private, "/help")

    await stage.said(ann.private)
    await stage.rested()

    assert not stage.app._user_ids_to_be_updated_in_persistence
    assert not stage.app._chat_ids_to_be_updated_in_persistence
