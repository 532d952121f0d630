"""Where signals come in: POST /hooks/<source>/<token>. A signal is answered with 202 only when it is committed.

Plain ASGI routes in front of Django: who sends (`senders`), what it says (`understanding`), kept in the next group commit
(`intake`), and what is answered (`routes`).
"""
