"""The whole journey over the interface, told in Chinese: what `make demo` walks through.

`telling` numbers and checks the steps, `phone` is somebody with a WeChat account, `cast` chooses
people, offers and tills by what the interface says of them. Every other module is one act. The
database is never touched, and in the end what was taken is given back, so it can be walked again.
"""
