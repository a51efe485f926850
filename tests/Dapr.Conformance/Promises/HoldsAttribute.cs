namespace Conformance.Promises;

/// <summary>
/// Names the promise that a test holds and the section of the contract that makes it; the table in README.md is written from these.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class HoldsAttribute(string section, string promise) : Attribute
{
    public string Section => section;
    public string Promise => promise;
}
