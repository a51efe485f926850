using Xunit.Sdk;
using Xunit.v3;

// Real processes on a few cores: one cluster at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
