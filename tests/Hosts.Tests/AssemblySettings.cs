using Orchestrator.Hosts.Bed;
using Xunit.Sdk;
using Xunit.v3;

// One bed for all of them: machines, engines and applications on a few cores, and some break it for a while.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(SharedBed))]
