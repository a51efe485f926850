using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text;

namespace Orchestrator.ControlPlane.Door;

/// <param name="Name">Who it stands for in history and audit log.</param>
internal sealed record TokenHolder(string Name, Role Role);

/// <summary>Who may call the API. Tokens are looked up by their hash, so that the time it takes tells nothing of them.</summary>
internal sealed class ApiTokens
{
    private const int ShortestToken = 20;
    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly FrozenDictionary<string, TokenHolder> holders;

    private ApiTokens(IEnumerable<KeyValuePair<string, TokenHolder>> holders) => this.holders = holders.ToFrozenDictionary();

    public TokenHolder? Find(string token) => holders.GetValueOrDefault(Hash(token));

    /// <summary>Reads a line each of name, role and token, parted by blanks; empty lines and those with <c>#</c> say nothing.</summary>
    /// <exception cref="ValidationException">It cannot be used as it is; the message says why, and never tells a token.</exception>
    public static ApiTokens Read(string path)
    {
        string[] lines;
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OfOthers) != 0)
                throw Wrong($"others may read or write {path}; chmod 600 it");
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Wrong(e.Message);
        }

        var holders = new Dictionary<string, TokenHolder>();
        foreach (var (index, line) in lines.Index())
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is [] or [['#', ..], ..]) continue;
            if (words is not [var name, var word, var token] || !Roles.TryParse(word, out var role))
                throw Wrong($"{path}:{index + 1}: a line is a name, a role (viewer, deployer or operator) and a token");
            if (token.Length < ShortestToken) throw Wrong($"{path}:{index + 1}: the token of '{name}' is shorter than {ShortestToken}");
            if (!holders.TryAdd(Hash(token), new(name, role))) throw Wrong($"{path}:{index + 1}: '{name}' has the token of somebody else");
        }

        return holders.Count > 0 ? new ApiTokens(holders) : throw Wrong($"there is no token in {path}");
    }

    private static string Hash(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static ValidationException Wrong(string why) => new($"API_TOKENS: {why}.");
}
