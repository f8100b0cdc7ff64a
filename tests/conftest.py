from hypothesis import settings

# A busy machine is no failure: how long an example takes is measured in benchmarks, not asserted.
settings.register_profile("sheaf", deadline=None)
settings.register_profile("fuzz", settings.get_profile("sheaf"), max_examples=5_000)
settings.load_profile("sheaf")
