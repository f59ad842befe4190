"""A development tool: looks for input that the rehearsal answers with InternalFailure instead of AWS's refusal.

`python -m rehearsal.fuzz --minutes 10 --seed 1`; what is found is shrunk and written to a folder.
"""
