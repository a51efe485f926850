namespace Orchestrator.ControlPlane.Records;

/// <summary>The state store gives no answer, or one of an error of its own.</summary>
/// <param name="what">A part of a sentence.</param>
/// <param name="isSent">Whether it was asked: then nobody knows whether a save took effect.</param>
internal sealed class StoreTroubleException(string what, bool isSent = true, Exception? inner = null)
    : Exception($"the state store does not answer: {what}", inner)
{
    public bool IsSent => isSent;
}
