namespace Orchestrator.ControlPlane.Door;

/// <summary>What a token allows; each role may do what those before it may.</summary>
internal enum Role
{
    /// <summary>Looks at everything.</summary>
    Viewer,
    /// <summary>Changes services.</summary>
    Deployer,
    /// <summary>Changes workers and the cluster.</summary>
    Operator,
}

internal static class Roles
{
    public static string Word(this Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.Deployer => "deployer",
        _ => "operator",
    };

    public static bool TryParse(string word, out Role role)
    {
        role = Enum.GetValues<Role>().FirstOrDefault(it => it.Word() == word);
        return role.Word() == word;
    }

    /// <summary>Whether a request with this verb changes nothing.</summary>
    public static bool IsLook(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
}
