namespace LocalDapr.Wire;

internal static class DaprHeaders
{
    public const string ApiToken = "dapr-api-token";
    public const string AppId = "dapr-app-id";
    public const string ReentrancyId = "Dapr-Reentrancy-Id";
    public const string ActorError = "X-DaprErrorResponseHeader";
    public const string CallerAppId = "dapr-caller-app-id";
    public const string CallerNamespace = "dapr-caller-namespace";
    public const string CalleeAppId = "dapr-callee-app-id";
    public const string MetadataPrefix = "metadata.";
}
