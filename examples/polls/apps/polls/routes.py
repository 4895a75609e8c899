"""The routes of this app."""

from aiohttp import web

from .views import index, poll, results, vote

routespatters = [
    web.get("/", index, name="index"),
    web.get("/poll/{question_id}", poll, name="poll"),
    web.get("/poll/{question_id}/results", results, name="results"),
    web.post("/poll/{question_id}/vote", vote, name="vote"),
]
