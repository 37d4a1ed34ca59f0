"""A class: a map over submissions; what is kept, resumed, locked."""
