using Xunit.Sdk;
using Xunit.v3;

// A browser and a cluster in one process are enough for a small machine.
[assembly: Parallelization(Mode = ParallelMode.None)]
