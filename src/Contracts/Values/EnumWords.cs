using System.Text.Json;

namespace Orchestrator.Contracts.Values;

/// <summary>The words of enums, as JSON and sentences have them.</summary>
public static class EnumWords
{
    /// <summary><c>kebab-case</c>.</summary>
    public static string Word<T>(this T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}");
}
