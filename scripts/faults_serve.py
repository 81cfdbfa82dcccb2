def trials(*a, **k):
    return []
