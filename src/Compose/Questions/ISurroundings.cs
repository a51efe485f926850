namespace Orchestrator.Compose.Questions;

/// <summary>Where compose files are, and the variables around them.</summary>
public interface ISurroundings
{
    /// <summary>The bytes of a file; none when it is not there.</summary>
    byte[]? Read(string path);

    /// <summary>The value of an environment variable; none when it is not set.</summary>
    string? Variable(string name);
}
