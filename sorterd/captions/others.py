"""Leave addresses, and the names of others, out of a caption. Pure."""

from __future__ import annotations

import re

from sorterd.captions.scripts import UNSPACED

_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w")
# A domain without a path counts only where its end is no English word: "so good.Me and my cat" is a sentence.
_DOMAIN = r"(?<![a-z0-9.-])(?:[a-z0-9-]+\.)+"
_ADDRESS = re.compile(
    rf"(?:https?://|www\.)\S+|{_DOMAIN}[a-z]{{2,}}/\S*|{_DOMAIN}(?:com|net|org|ee|gg|ly)(?![a-z0-9-])", re.IGNORECASE
)
# What TikTok writes before and after whom a video answers, and people before whom they credit.
_BEFORE = (
    r"(?:in )?repl(?:y|ying) to|(?:duet|stitch|duo|dueto|duett|дуэт) (?:with|avec|con|com|mit|dengan|с)|"
    r"respuesta a|respondiendo a|responder a|respondendo a|resposta a|réponse à|antwort (?:auf|an)|"
    r"(?:in )?risposta a|antwoord op|odpowiedź do|membalas|balas ke|trả lời|ответ(?: пользователю)?|"
    r"الرد على|ردا على|ตอบกลับ|返信先|回复|回覆|yanıtlanıyor|"
    r"(?:ib|ac|dc|cr|vc|pc|mc|cc|oc|sc|ig|tt|yt|insta|credits?|creds?|inspo|song|sound|audio|music)"
    r"(?: (?:by|to|goes to))?"
)
_AFTER = r"さん(?:に|への)返信|(?:に|への)返信|님에게 (?:보내는 )?(?:답장|답글|회신)|adlı kişiye yanıt olarak"
# A name in letters of a spaced script ends where an unspaced one begins: "@yukoに返信".
_NAME = rf"@(?:(?:(?!{UNSPACED})[\w.])+|[\w.\u0e00-\u0eff]+)"
_MENTION = re.compile(rf"(?:(?<!\w)(?:{_BEFORE}) ?[:：]? ?)?{_NAME}(?: ?(?:{_AFTER}))?", re.IGNORECASE)


def without_others(text: str) -> str:
    """Return the text without addresses and @mentions, and without what belongs to a mention ("Replying to @jane").

    A line end becomes a blank, and of several blanks one is left.
    """
    text = " ".join(text.split())
    for left_out in (_MAIL, _ADDRESS, _MENTION):
        text = " ".join(left_out.sub(" ", text).split())
    return text
