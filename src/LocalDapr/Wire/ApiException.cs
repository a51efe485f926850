namespace LocalDapr.Wire;

/// <summary>A refusal as Dapr's HTTP API words it.</summary>
internal sealed class ApiException(int status, string code, string message) : Exception(message)
{
    public int Status => status;

    public string Code => code;

    /// <summary>There was no room for it, and nothing of it was done; gRPC has a status for that, HTTP has not.</summary>
    public bool NothingDone { get; init; }

    public static ApiException BadRequest(string message) => new(400, "ERR_BAD_REQUEST", message);

    public static ApiException Malformed(string message) => new(400, "ERR_MALFORMED_REQUEST", message);
}
