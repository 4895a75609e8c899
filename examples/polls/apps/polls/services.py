"""What this app does with its tables."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload
from webkit.database import DATABASE
from webkit.exceptions import NotFound
from webkit.services import BaseService

from .config import PollConfig
from .models import Choice, Question


class PollService(BaseService):
    """Reads questions, and counts votes."""

    config: PollConfig

    async def newest(self) -> Sequence[Question]:
        """Return as many questions as the configuration says, the newest first."""
        newest_first = select(Question).order_by(Question.pub_date.desc(), Question.id.desc())
        async with self.app[DATABASE].session() as session:
            return (await session.scalars(newest_first.limit(self.config.newest))).all()

    async def question(self, question_id: int) -> Question:
        """Return a question with its choices."""
        async with self.app[DATABASE].session() as session:
            found = await session.get(
                Question, question_id, options=[selectinload(Question.choices)]
            )
        if found is None:
            raise NotFound("There is no such question.")
        return found

    async def vote(self, question_id: int, choice_id: int) -> None:
        """Count a vote: the database adds one, so that no vote is lost to another."""
        one_more = (
            update(Choice)
            .where(Choice.id == choice_id, Choice.question_id == question_id)
            .values(votes=Choice.votes + 1)
            .returning(Choice.id)
        )
        async with self.app[DATABASE].session() as session:
            if await session.scalar(one_more) is None:
                raise NotFound("This question has no such answer.")
