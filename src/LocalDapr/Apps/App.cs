namespace LocalDapr.Apps;

/// <summary>One app beside its sidecar: who it is, the way into it, and whether it is there.</summary>
internal sealed record App(AppOptions Options, AppChannel Channel, AppWatch Watch)
{
    public string Id => Options.Id;
}
