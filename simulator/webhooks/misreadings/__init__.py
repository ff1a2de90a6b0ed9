"""Why a signature is wrong: the mistakes that receivers make, tried until one gives the signature that they computed.

Inside: ``explaining`` tries what ``bodies``, ``keys`` and ``spellings`` know of, and ``mistake`` has the words for it.
"""

from simulator.webhooks.misreadings.explaining import Signed, explain, supposed, tokens_in
from simulator.webhooks.misreadings.mistake import Explanation, Mistake

__all__ = ["Explanation", "Mistake", "Signed", "explain", "supposed", "tokens_in"]
