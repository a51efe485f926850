using System.Globalization;
using System.Text;
using Value = System.Func<System.Text.Json.JsonElement, object?>;

namespace LocalDapr.PubSub;

/// <summary>Recursive descent: or, and, comparison, not, member.</summary>
internal sealed class RuleParser(string text)
{
    private static readonly string[] Comparisons = ["==", "!=", "<=", ">=", "<", ">"];
    private int at;

    public Value Parse()
    {
        var all = Or();
        Blank();
        return at == text.Length ? all : throw Refuse($"'{text[at..]}' is not understood");
    }

    private Value Or()
    {
        var left = And();
        while (Take("||"))
        {
            var (a, b) = (left, And());
            left = e => RuleValues.IsTrue(a(e)) || RuleValues.IsTrue(b(e));
        }

        return left;
    }

    private Value And()
    {
        var left = Comparison();
        while (Take("&&"))
        {
            var (a, b) = (left, Comparison());
            left = e => RuleValues.IsTrue(a(e)) && RuleValues.IsTrue(b(e));
        }

        return left;
    }

    private Value Comparison()
    {
        var left = Not();
        foreach (string sign in Comparisons)
        {
            if (!Take(sign)) continue;
            var right = Not();
            return e => RuleValues.Compare(left(e), sign, right(e));
        }

        if (!TakeWord("in")) return left;
        var list = Not();
        return e => RuleValues.IsIn(left(e), list(e));
    }

    private Value Not()
    {
        if (Peek("!") && !Peek("!="))
        {
            Take("!");
            var inner = Not();
            return e => !RuleValues.IsTrue(inner(e));
        }

        return Member(Primary());
    }

    private Value Member(Value of)
    {
        while (true)
        {
            if (Take("["))
            {
                var (inner, key) = (of, Or());
                Expect("]");
                of = e => RuleValues.Field(inner(e), key(e));
            }
            else if (Take("."))
            {
                string name = Word();
                var inner = of;
                if (!Take("("))
                {
                    of = e => RuleValues.Field(inner(e), name);
                    continue;
                }

                var argument = Peek(")") ? null : Or();
                Expect(")");
                of = RuleValues.Method(name, inner, argument) ?? throw Refuse($"the function {name} is not supported");
            }
            else
            {
                return of;
            }
        }
    }

    private Value Primary()
    {
        Blank();
        if (Take("("))
        {
            var inner = Or();
            Expect(")");
            return inner;
        }

        if (Take("[")) return List();
        char c = at < text.Length ? text[at] : '\0';
        if (c is '"' or '\'') return Constant(Quoted(c));
        if (char.IsAsciiDigit(c) || c == '-') return Constant(Number());
        string word = Word();
        return word switch
        {
            "true" => Constant(true),
            "false" => Constant(false),
            "null" => Constant(null),
            "event" => e => e,
            "has" => Has(),
            "size" => Size(),
            _ => throw Refuse($"'{word}' is not supported; rules look at event.…"),
        };
    }

    private Value Has()
    {
        Expect("(");
        var of = Or();
        Expect(")");
        return e =>
        {
            try
            {
                of(e);
                return true;
            }
            catch (RuleSyntaxException)
            {
                return false;
            }
        };
    }

    private Value Size()
    {
        Expect("(");
        var of = Or();
        Expect(")");
        return RuleValues.Method("size", of, null)!;
    }

    private Value List()
    {
        var items = new List<Value>();
        while (!Take("]"))
        {
            if (items.Count > 0) Expect(",");
            items.Add(Or());
        }

        return e => items.Select(item => item(e)).ToArray();
    }

    private static Value Constant(object? value) => _ => value;

    private string Quoted(char quote)
    {
        var value = new StringBuilder();
        for (at++; at < text.Length && text[at] != quote; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        if (at++ >= text.Length) throw Refuse("a text does not end");
        return value.ToString();
    }

    private double Number()
    {
        int start = at++;
        while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] is '.' or 'e' or 'E')) at++;
        return double.TryParse(text.AsSpan(start, at - start), CultureInfo.InvariantCulture, out double number)
            ? number : throw Refuse($"'{text[start..at]}' is no number");
    }

    private string Word()
    {
        Blank();
        int start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_')) at++;
        return at > start ? text[start..at] : throw Refuse($"a name is expected at '{text[start..]}'");
    }

    private bool TakeWord(string word)
    {
        Blank();
        bool there = Peek(word) && (at + word.Length == text.Length || !char.IsAsciiLetterOrDigit(text[at + word.Length]));
        if (there) at += word.Length;
        return there;
    }

    private bool Take(string sign)
    {
        if (!Peek(sign)) return false;
        at += sign.Length;
        return true;
    }

    private bool Peek(string sign)
    {
        Blank();
        return string.CompareOrdinal(text, at, sign, 0, sign.Length) == 0;
    }

    private void Expect(string sign)
    {
        if (!Take(sign)) throw Refuse($"'{sign}' is expected at '{text[at..]}'");
    }

    private void Blank()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private RuleSyntaxException Refuse(string why) => new($"rule '{text}': {why}");
}
