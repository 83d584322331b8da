"""Bodies of requests and answers."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent.errors import EmptyPrompt


def _encodable(text: str) -> str:
    # JSON can spell half of a surrogate pair, which no answer could carry back.
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("a surrogate without its pair is not text")
    return text


class Query(BaseModel):
    """A question to the model; an unknown field is refused, as it is usually a misspelt one."""

    model_config = ConfigDict(extra="forbid")

    prompt: Annotated[str, AfterValidator(_encodable)]
    max_tokens: Annotated[int, Field(ge=10, le=2000, description="Longest answer")] = 256

    def require_text(self) -> None:
        """Raise EmptyPrompt when the prompt is blank."""
        if not self.prompt.strip():
            raise EmptyPrompt("prompt: it has no text")


class Answer(BaseModel):
    """The model's answer; `tokens_used` counts prompt and answer."""

    response: str
    tokens_used: int
    model: str


class Refusal(BaseModel):
    """Why there is no answer."""

    error: Annotated[str, Field(description="Stable code")]
    detail: Annotated[str, Field(description="Reason, for people")]


REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Refusal, "description": "Empty prompt or unreadable body"},
    413: {"model": Refusal, "description": "Body too large"},
    422: {"model": Refusal, "description": "A field is wrong"},
    502: {"model": Refusal, "description": "The upstream refused the request"},
    503: {"model": Refusal, "description": "Busy, draining or upstream down; see Retry-After"},
}
