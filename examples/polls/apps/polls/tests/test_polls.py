"""What the polls serve, over real tables."""

import datetime as dt

import pytest
from webkit.database import DATABASE
from webkit.testing import APIClient, problem

from apps.polls.models import Choice, Question


@pytest.fixture
async def question(api: APIClient) -> Question:
    """A question with three choices."""
    texts = ("Not much", "The sky", "Just hacking again")
    asked = Question(question_text="What's new?", pub_date=dt.date(2015, 12, 15))
    asked.choices = [Choice(choice_text=text) for text in texts]
    async with api.app[DATABASE].session() as session:
        session.add(asked)
    return asked


async def test_the_index_has_a_link_to_the_question(api: APIClient, question: Question) -> None:
    response = await api.get("index")

    assert response.status == 200
    assert f'<a href="/poll/{question.id}">What&#39;s new?</a>' in await response.text()


async def test_a_vote_is_counted(api: APIClient, question: Question) -> None:
    url = api.url("vote", question_id=question.id)

    response = await api.post(url, data={"choice": question.choices[1].id})

    assert response.status == 200
    assert response.url.path == f"/poll/{question.id}/results"
    assert "1 vote<" in await response.text()


async def test_an_answer_to_another_question_is_not_found(
    api: APIClient, question: Question
) -> None:
    choice = question.choices[0]

    response = await api.post(f"/poll/{question.id + 1}/vote", data={"choice": choice.id})

    await problem(response, 404)


@pytest.mark.parametrize("form", [{}, {"choice": ""}, {"choice": "sky"}])
async def test_a_vote_is_for_a_number(
    api: APIClient, question: Question, form: dict[str, str]
) -> None:
    response = await api.post(api.url("vote", question_id=question.id), data=form)

    await problem(response, 422)


async def test_a_person_gets_a_page_that_says_what_is_wrong(api: APIClient) -> None:
    response = await api.get("/poll/1", headers={"Accept": "text/html"})

    assert response.status == 404
    assert "There is no such question." in await response.text()
