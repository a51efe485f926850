using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

/// <summary>Writes down what is asked for: <c>follows web: 0 3 * * *</c>; hands it on where there is somebody.</summary>
internal sealed class FakeSchedules : ISchedules
{
    public List<string> Asked { get; } = [];

    /// <summary>Who is told as well.</summary>
    public ISchedules? Real { get; set; }

    public string? Problem { get; set; }

    public void Follow(string service, string told, bool isLate)
    {
        Asked.Add($"follows {service}: {told}{(isLate ? ", late" : "")}");
        Real?.Follow(service, told, isLate);
    }

    public void Leave(string service)
    {
        Asked.Add($"leaves {service}");
        Real?.Leave(service);
    }

    public string? ProblemOf(string service) => Problem ?? Real?.ProblemOf(service);
}
