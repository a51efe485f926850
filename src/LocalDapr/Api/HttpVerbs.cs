namespace LocalDapr.Api;

/// <summary>Verbs as the routes tell them apart.</summary>
internal static class HttpVerbs
{
    public const int Get = 1;
    public const int Put = 2;
    public const int Delete = 3;
    public const int Other = 4;

    /// <summary>POST counts as PUT: the runtime takes either wherever something is written.</summary>
    public static int Of(HttpRequest request) => request.Method switch
    {
        "GET" => Get,
        "PUT" or "POST" => Put,
        "DELETE" => Delete,
        _ => Other,
    };
}
