"""WeChat's server for demonstrations and tests, on this machine only.

It has WeChat's paths, answers and errors for sign-in and access tokens, with test persons instead of
people. Control calls stand under `/__sim/`, a page to get sign-in codes at `/`. A part of WeChat is two
modules: its state, such as `tokens`, and its paths, such as `token_calls`; `app` puts them together.
"""
