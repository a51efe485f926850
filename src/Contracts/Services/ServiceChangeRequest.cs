using Orchestrator.Contracts.Content;
using Orchestrator.Contracts.Values;

namespace Orchestrator.Contracts.Services;

/// <param name="Id">Names the request: asked again after a lost answer, it is not carried out twice.</param>
/// <param name="IfMatch">Only when the service's tag is one of these; <c>*</c> stands for any.</param>
/// <param name="IfNoneMatch">Only when there is no service, or its tag is none of these.</param>
/// <param name="Image">What is behind the image's reference now; none when nobody was asked.</param>
public sealed record ServiceChangeRequest(
    string Id, ServiceChange Change, bool DryRun = false, ValueList<string>? IfMatch = null, ValueList<string>? IfNoneMatch = null,
    FoundImage? Image = null);
