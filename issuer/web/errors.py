"""What a request itself may get wrong, whatever page it is for."""

__all__ = ["BodyTooLarge", "ForeignOrigin", "RequestRefused"]


class RequestRefused(Exception):
    """The request was refused."""

    code = "request-refused"


class BodyTooLarge(RequestRefused):
    """What was sent is larger than this service reads."""

    code = "too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"send at most {limit // 2**20} MB at a time")


class ForeignOrigin(RequestRefused):
    """The form was sent from another site."""

    code = "foreign-origin"
