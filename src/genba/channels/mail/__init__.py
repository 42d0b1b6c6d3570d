"""Mail: the one channel that reaches everybody, so the one that must be complete.

Read the context, act, talk and get the answer, all by replying. What must always hold here: only
the first own line of a mail acts, and only when it is exactly an offered verb; automatic mail
never acts; opening a link never acts; every failure is answered in plain words.
"""
