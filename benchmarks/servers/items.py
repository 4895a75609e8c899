"""What the sides store, and the one body that is good and the one that is wrong in every field."""

import json
from typing import Any


__all__ = ("GOOD", "HELLO", "ITEMS", "NEW_ID", "WRONG", "WRONG_FIELDS")

HELLO = "Hello, World!"
NEW_ID = 101  # of every item created, so that all sides answer the same

ITEMS: dict[int, dict[str, Any]] = {
    number: {
        "id": number,
        "name": f"Item {number}",
        "description": None if number % 3 else f"The description of item number {number}",
        "price": number * 1.25,
        "quantity": number % 7,
        "active": number % 2 == 0,
        "tags": ["small", "red"][: number % 3],
    }
    for number in range(1, 101)
}

GOOD = json.dumps(
    {
        "name": "Paperback",
        "description": "A book with a soft cover",
        "price": 12.5,
        "quantity": 3,
        "active": True,
        "tags": ["book", "new"],
    }
)
WRONG = json.dumps(
    {
        "name": "",
        "description": 7,
        "price": -1.5,
        "quantity": "many",
        "active": "perhaps",
        "tags": [1],
    }
)
WRONG_FIELDS = tuple(json.loads(WRONG))
