namespace Orchestrator.Testing;

/// <summary>Programs of this machine.</summary>
public static class OnPath
{
    /// <summary>Where a program is that the PATH leads to; none when it leads to none of that name.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
