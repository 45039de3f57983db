"""The start of a real site: what a new network is asked, and the pages, groups and settings that it begins with."""
