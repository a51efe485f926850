namespace Orchestrator.ControlPlane.Records;

/// <summary>
/// There is a record, and this program cannot read it: edited by hand, cut off, or of a later version. The next save replaces it, unless
/// somebody else wrote meanwhile.
/// </summary>
/// <param name="key">Of the record in the state store.</param>
/// <param name="problem">A part of a sentence.</param>
/// <param name="content">What is stored, as far as it could be had.</param>
internal sealed class UnreadableRecordException(string key, string problem, string content)
    : Exception($"the record '{key}' in the state store cannot be read: {problem}")
{
    /// <summary>What a person can do about it; a part of a sentence.</summary>
    public const string Remedy = "POST creates the service anew, DELETE ends what runs of it";

    public string Content => content;
}
