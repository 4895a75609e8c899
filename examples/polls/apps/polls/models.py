"""The tables question and choice."""

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship
from webkit.database import Model, WithID


class Question(WithID, Model):
    """What people are asked."""

    __tablename__ = "question"

    question_text: Mapped[str] = mapped_column(String(200))
    pub_date: Mapped[dt.date]
    choices: Mapped[list["Choice"]] = relationship(order_by="Choice.id")


class Choice(WithID, Model):
    """An answer to a question, and how often it was given."""

    __tablename__ = "choice"

    choice_text: Mapped[str] = mapped_column(String(200))
    votes: Mapped[int] = mapped_column(default=0, server_default="0")
    question_id: Mapped[int] = mapped_column(
        ForeignKey("question.id", ondelete="CASCADE"), index=True
    )
