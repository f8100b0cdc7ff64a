from hypothesis import settings

# A busy machine is no failure: how long an example takes is measured in benchmarks, not asserted.
settings.register_profile("sheaf", deadline=None)
settings.load_profile("sheaf")
