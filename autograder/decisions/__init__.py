"""What people decided beside marks: points for everybody, a doubt settled, an excuse.

Each decision says who, when and why, is never changed afterwards, and stays in force until a newer one of
the same kind takes it back.
"""
