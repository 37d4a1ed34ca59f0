"""Hostile submissions, with the verdict each must get: what `python -m grading doctor` and the tests grade.

| Table | What is attacked | Points would mean |
|---|---|---|
| `tampering` | what compares, what is sent, what a result is | (no more than honest wrong work gets) |
| `reading` | answers, other people's work, secrets | something was found |
| `exhausting`, `holding` | memory, disk, processes, descriptors; time | more was had than is allowed |
| `escaping` | network, other processes, kernel, files outside | a way out |
| `loading`, `packing` | the program that reads submissions | (the files are the attack) |

An attack is one student's notebook, in which one function is hostile and the others are right and keep their points.
To add one, add an entry to a table: `proof(...)` for one that does honest work only if it gets through. Nothing is kept
of them: who grades them writes them into a temporary folder. `python -m grading.attacks DIR` writes them for a person
who wants to read one.
"""
