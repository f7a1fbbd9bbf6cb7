"""Consent by use, as English says it."""

import re

from privacy.policies.review.consent_grammar import Grammar

_SITE = (
    r"(?:\s+(?:to|of|on|through|with|the|this|these|that|our|its|your|any|all|whole|other|part|parts|company|web|such"
    r"|voipstudio\S*)){0,5}\s+(?:web\s?site|site|page|service|portal|platform|app|product|shop|store|it|them|voipstudio)"
    r"(?:s|\.pl)?\b"
)
_ADVERB = r"(?:\w+ly\s+|just\s+|so\s+)?"
_IDLE = (
    r"(?:(?:do|does|did|have|has)\s+not|don[’']t|doesn[’']t|didn[’']t)\s+"
    r"(?:chang|adjust|disabl|opt|object|block|refus|reject|choose|chos|answer|respond|declin|withdr|tell|click)\w*"
)
_BANNER = r"(?:\s+(?:the|this|our|that))?\s+(?:banner|notice|message|pop-?up|window|bar)"
_GOING = r"(?:continu|brows|scroll|navigat|proceed|remain|stay|surf|carry\w*\s+on|keep\w*\s+on)\w*"

# by using our site; by continuing to browse; by not changing your settings
_MEANS = (
    rf"by\s+{_ADVERB}(?:{_GOING}|(?:us|access|visit|enter|view)ing{_SITE}|(?:clos|dismiss|ignor)ing{_BANNER}"
    rf"|not\s+(?:chang|adjust|disabl|opt|object|block|refus|reject|choos|declin)ing|doing\s+(?:so|nothing)"
    rf"|(?:your\s+)?(?:continued\s+|further\s+)?(?:use|usage|visit|browsing){_SITE})"
)
# (continued) use of our site; using our site; scrolling; closing this banner; silence
_SUBJECT = (
    rf"(?:(?:use|usage|browsing|access|visit|viewing){_SITE}|(?:continued|further|ongoing|mere)\s+(?:use|browsing|access)"
    rf"|(?:us|access|visit|enter|view)ing{_SITE}|(?:continuing|browsing|scrolling|navigating|staying|remaining)\b"
    rf"|(?:clos|dismiss|ignor)ing{_BANNER}|silence|inactivity)"
)
# if you continue to browse; when you use our site; unless you opt out; whoever visits this page
_CONDITION = (
    r"(?:if|when|whenever|where|should|once|as\s+long\s+as|unless|while|as|each\s+time|every\s+time|who|whoever|anyone"
    rf"|users?|visitors?)\s+(?:[\w’']+\s+){{0,3}}?(?:{_GOING}|keep\w*\s+\w+ing|(?:us|access|visit|enter|view)(?:e|es|s|ing)?{_SITE}"
    rf"|(?:clos|dismiss|ignor)(?:e|es)?{_BANNER}|{_IDLE})"
    r"|unless\s+(?:you|they|the\s+user)\s+(?:chang|disabl|opt|object|block|refus|reject|tell|declin)\w*"
)

_WHO = (
    r"(?:(?:you|they|we|users?|visitors?|everyone|anyone|person|he|she|one)(?:[’']re)?"
    r"|(?:whoever|who)\s+[^,;]{1,40}?)"
)
_CONSENT = r"(?:consent(?:ing|ed)?|agreement|acceptance|accepting|agreeing)\b"
_AGREE = "|".join(
    [
        # you (hereby) agree; you are deemed to accept; we assume that you’re happy
        rf"{_WHO}\s+(?:(?:also|hereby|thereby|then|therefore|\w+ly|already|both|will|shall|are|is|be|deemed|considered|taken"
        r"|to|have|has|acknowledge|acknowledges|understand|understands|and|that|you|signify|signifies|indicate|indicates"
        r"|give|gives|us|your|their|our|grant|grants|provide|express|confirm|confirms|must|with)\s+){0,6}"
        r"(?:agree[sd]?|agreement|agreeing|consent(?:s|ed|ing)?|accept(?:s|ed|ing|ance)?|happy|ok|okay|fine)\b",
        # means, counts as, is taken as ... consent
        r"(?:means?|constitutes?|counts?\s+as|impl(?:y|ies)|signif(?:y|ies)|indicates?|amounts?\s+to|equals?|represents?"
        r"|confirms?|establishes|expresses|gives?|(?:treat|tak|deem|consider|regard|underst|interpret|constru|view)\w*)"
        rf"\s+(?:[\w’']+\s+){{0,7}}?{_CONSENT}",
        r"(?:is|are|be|being)\s+(?:(?:a|an|your|our|their|the|implied|implicit|tacit|full|to|as|for|also|equivalent"
        rf"|tantamount|itself|sufficient|enough|clear|sign|form|of|deemed|considered)\s+){{0,6}}{_CONSENT}",
        r"(?:consent|agreement|acceptance)\s+(?:\w+\s+){0,2}?(?:is|are|be|being)\s+(?:\w+\s+){0,2}?"
        r"(?:implied|assumed|presumed|inferred|deemed|deduced)",
        r"(?:implied|implicit|tacit|deemed|presumed)\s+(?:consent|agreement|acceptance)",
    ]
)
_NEVER = r"(?:not|never|cannot|nor|neither|no\s+longer|in\s+no\s+way|by\s+no\s+means|\w+n[’']t)"

GRAMMAR = Grammar(
    use=re.compile(rf"\b(?:{_MEANS}|{_SUBJECT}|{_CONDITION})", re.IGNORECASE),
    no_use=re.compile(
        r"\b(?:not|how|rather\s+than|instead\s+of|without|whether)\s+(?:[\w’']+\s+){0,3}$",
        re.IGNORECASE,
    ),
    agreement=re.compile(rf"\b(?:{_AGREE})", re.IGNORECASE),
    denied_before=re.compile(
        # is never, will not be, does not count as
        rf"\b{_NEVER}\s+(?:(?:be|been|being|ever|in\s+itself|itself|by\s+itself|\w+ly)\s+){{0,2}}$"
        # does not mean that (you agree)
        rf"|\b{_NEVER}\s+(?:\w+\s+)?(?:mean|impl|signif|indicat|assum|conclu|infer|tak|deem|consider|presum|suggest)\w*"
        r"(?:\s+it)?(?:\s+that)?\s*$"
        # neither scrolling nor browsing counts as; no amount of browsing is
        r"|(?:^|[,;:–—]\s*)(?:and\s+|but\s+)?(?:no|neither|nothing|none|nobody)\b[^,;:]*$",
        re.IGNORECASE,
    ),
    denied_within=re.compile(
        rf"\b(?:{_NEVER}|no|without|refus\w+|lack|absence|before|withdr\w+)\b", re.IGNORECASE
    ),
    subordinate=re.compile(
        r"\b(?:if|when|whenever|unless|until|once|where|after|before|whether|which|whom|what|as\s+long\s+as|while|because"
        r"|since|even\s+if|(?<!mean\s)(?<!means\s)(?<!assume\s)(?<!it\s)(?<!imply\s)(?<!implies\s)(?<!signify\s)"
        r"(?<!signifies\s)(?<!indicates\s)(?<!indicate\s)(?<!confirm\s)(?<!understand\s)(?<!acknowledge\s)(?<!conclude\s)"
        r"(?<!presume\s)(?<!suppose\s)(?<!consider\s)(?<!confirms\s)(?<!agree\s)that)\s+$",
        re.IGNORECASE,
    ),
    means=re.compile(rf"[^,;:]{{0,30}},?\s+{_MEANS}", re.IGNORECASE),
)
