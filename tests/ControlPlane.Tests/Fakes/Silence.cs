using Orchestrator.ControlPlane.Services;

namespace Orchestrator.ControlPlane.Tests.Fakes;

internal static class Silence
{
    public static NoAnswerException Of(string whom) => new(whom, new TimeoutException("no answer in time"));
}
