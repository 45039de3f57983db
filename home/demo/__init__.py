"""The demo network: a fictional district library, written for this project."""
