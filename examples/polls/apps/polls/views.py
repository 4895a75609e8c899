"""The pages of the polls."""

from typing import Annotated

from aiohttp import web
from webkit.endpoints import endpoint
from webkit.pages import render
from webkit.parameters import Form
from webkit.scalars import Int64

from .services import PollService


@endpoint
async def index(request: web.Request, polls: PollService) -> web.Response:
    """Show the newest questions."""
    return render(request, "index.html", {"questions": await polls.newest()})


@endpoint
async def poll(request: web.Request, question_id: Int64, polls: PollService) -> web.Response:
    """Show a question, and a form with its answers."""
    return render(request, "detail.html", {"question": await polls.question(question_id)})


@endpoint
async def results(request: web.Request, question_id: Int64, polls: PollService) -> web.Response:
    """Show how often each answer was given."""
    question = await polls.question(question_id)
    total = sum(choice.votes for choice in question.choices)
    return render(request, "results.html", {"question": question, "total": total})


@endpoint
async def vote(
    request: web.Request, question_id: Int64, choice: Annotated[Int64, Form()], polls: PollService
) -> web.Response:
    """Count a vote, and lead to the results."""
    await polls.vote(question_id, choice)
    url = request.app.router["results"].url_for(question_id=str(question_id))
    raise web.HTTPSeeOther(url)
