using Orchestrator.Contracts.Values;

namespace Orchestrator.ControlPlane.Members;

/// <summary>What the registry stores; changes are rare.</summary>
internal sealed record MemberRecord(ValueList<KnownWorker> Workers);
