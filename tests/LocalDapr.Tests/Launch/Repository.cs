namespace Orchestrator.LocalDapr_Tests.Launch;

/// <summary>Where this repository lies, found upwards from the test program.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The LocalDapr program as it was built with these tests.</summary>
    public static string LocalDapr => Path.Combine(Root, "artifacts", "bin", "LocalDapr", "release", "LocalDapr");

    /// <summary>The control plane, likewise.</summary>
    public static string ControlPlane => Path.Combine(Root, "artifacts", "bin", "ControlPlane", "release", "ControlPlane.dll");

    private static string Find(string? from) =>
        from is null ? throw new InvalidOperationException("the repository was not found above the test program")
        : File.Exists(Path.Combine(from, "Orchestrator.sln")) ? from
        : Find(Path.GetDirectoryName(from));
}
