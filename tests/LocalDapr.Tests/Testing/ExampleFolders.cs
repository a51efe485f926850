#pragma warning disable CA1822, CA1812, CA1018, CA1019, CS0649, IDE0051 // Nothing here is called; it is there to be read.

// Made-up folders for ArchitectureReaderTests: every type of Above uses Below in one way alone.
namespace Examples.Above
{
    using Examples.Below;

    internal sealed class AsField { public Thing? It; }

    internal sealed class AsBase : Thing;

    internal sealed class AsArrayOfTypeArgument { public Dictionary<string, Thing[]> They { get; } = []; }

    internal sealed class AsConstraint<T> where T : Thing;

    [Mark]
    internal sealed class AsAttribute;

    internal sealed class AsNestedType { public object? Make() => new Thing.Inner(); }

    internal sealed class InMethodBody { public string Tell() => Thing.Word(); }

    internal sealed class InGenericCall { public Array Make() => Array.Empty<Thing>(); }

    internal sealed class InTypeof { public string Tell() => typeof(Thing).FullName!; }

    internal sealed class InLambda { public Func<string> Tell() => () => Thing.Word(); }

    internal sealed class InIterator { public IEnumerable<string> Tell() { yield return Thing.Word(); } }

    internal sealed class InAsyncMethod
    {
        public async Task<string> TellAsync()
        {
            await Task.Yield();
            return Thing.Word();
        }
    }

    internal sealed class InCatch
    {
        public void Do(Action it)
        {
            try { it(); }
            catch (Trouble) { it(); }
        }
    }

    internal sealed class AsEnumValue { public object Make() => Beside.Middle.Paint(Colour.Red); }

    internal sealed class PassesOnOnly { public void Pass() => Beside.Middle.Take(Beside.Middle.Give()); }
}

namespace Examples.Below
{
    internal class Thing
    {
        public static string Word() => "";

        internal sealed class Inner;
    }

    internal enum Colour { Red }

    internal sealed class MarkAttribute : Attribute;

    internal sealed class Trouble : Exception;
}

namespace Examples.Beside
{
    internal static class Middle
    {
        public static Below.Thing Give() => new();

        public static void Take(Below.Thing it) => it.ToString();

        public static object Paint(Below.Colour colour) => colour;
    }
}

// Three folders in a circle, one of them through a lambda in an async method.
namespace Examples.Circle
{
    internal sealed class Begin { public One.First? Next; }
}

namespace Examples.Circle.One
{
    internal sealed class First
    {
        public async Task<Func<object>> NextAsync()
        {
            await Task.Yield();
            return () => new Two.Second();
        }
    }
}

namespace Examples.Circle.Two
{
    internal sealed class Second { public List<Begin>? Back { get; set; } }
}
