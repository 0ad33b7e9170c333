using System.Text.Json.Nodes;

namespace Titanic.Api.Graph;

/// <summary>One field that is asked for.</summary>
/// <param name="Alias">What it is called in the answer; its name unless said otherwise.</param>
/// <param name="Arguments">With variables put in; null values are those that were said to be null.</param>
internal sealed record GraphField(string Name, string Alias, IReadOnlyDictionary<string, JsonNode?> Arguments, IReadOnlyList<GraphField> Fields, int At);

/// <summary>
/// Reads the part of GraphQL that this service answers: one query with variables, arguments, aliases and nested fields. Fragments, directives,
/// mutations and subscriptions are refused by name. Everything is bounded before anything is asked of the database.
/// </summary>
internal sealed class GraphQuery
{
    public const int CharactersMax = 8_000;
    public const int DepthMax = 6;
    public const int FieldsMax = 200;

    private readonly string _text;
    private readonly JsonObject _variables;
    private readonly GraphLexer _lexer;
    private readonly Dictionary<string, JsonNode?> _declared = new(StringComparer.Ordinal);
    private Token _token;
    private int _fields;

    private GraphQuery(string text, JsonObject variables)
    {
        (_text, _variables, _lexer) = (text, variables, new GraphLexer(text));
        _token = _lexer.Next();
    }

    /// <exception cref="GraphException">It is not a query this service understands.</exception>
    public static IReadOnlyList<GraphField> Read(string text, JsonObject? variables)
    {
        if (text.Length > CharactersMax)
        {
            throw new GraphException($"A query has at most {CharactersMax} characters.", 1, 1);
        }

        return new GraphQuery(text, variables ?? []).Document();
    }

    private List<GraphField> Document()
    {
        if (_token is { Kind: TokenKind.Name })
        {
            var kind = Take().Text;
            switch (kind)
            {
                case "query":
                    break;
                case "mutation" or "subscription":
                    throw Wrong($"This service only answers queries; a {kind} is done with the calls of the REST interface.");
                case "fragment":
                    throw Wrong("Fragments are not understood; write the fields where they are wanted.");
                default:
                    throw Wrong("A query begins with { or with the word query.");
            }

            if (_token.Kind == TokenKind.Name)
            {
                Take();
            }

            if (IsMark("("))
            {
                Declarations();
            }
        }

        var fields = Selection(1);
        return _token.Kind == TokenKind.End
            ? fields
            : throw Wrong(_token is { Kind: TokenKind.Name, Text: "fragment" } ? "Fragments are not understood; write the fields where they are wanted." : "There is one query in a call.");
    }

    private void Declarations()
    {
        Expect("(");
        while (!IsMark(")"))
        {
            if (_token.Kind != TokenKind.Variable)
            {
                throw Wrong("Here a variable such as $first is declared.");
            }

            var name = Take().Text;
            Expect(":");
            var required = TypeIsRequired(0);
            var otherwise = IsMark("=") ? Default() : null;
            var given = _variables.TryGetPropertyValue(name, out var value);
            if (required && (given ? value : otherwise) is null)
            {
                throw Wrong($"The variable {name} needs a value.");
            }

            _declared[name] = given ? value?.DeepClone() : otherwise;
            if (_declared.Count > FieldsMax)
            {
                throw Wrong($"At most {FieldsMax} variables are declared.");
            }
        }

        Expect(")");
    }

    private JsonNode? Default()
    {
        Expect("=");
        return Value(0);
    }

    private bool TypeIsRequired(int depth)
    {
        if (depth > DepthMax)
        {
            throw Wrong("The type is nested too deeply.");
        }

        if (IsMark("["))
        {
            Take();
            TypeIsRequired(depth + 1);
            Expect("]");
        }
        else if (_token.Kind == TokenKind.Name)
        {
            Take();
        }
        else
        {
            throw Wrong("Here the type of a variable is named.");
        }

        if (!IsMark("!"))
        {
            return false;
        }

        Take();
        return true;
    }

    private List<GraphField> Selection(int depth)
    {
        if (depth > DepthMax)
        {
            throw Wrong($"Fields are nested at most {DepthMax} deep.");
        }

        Expect("{");
        var fields = new List<GraphField>();
        while (!IsMark("}"))
        {
            if (IsMark("..."))
            {
                throw Wrong("Fragments are not understood; write the fields where they are wanted.");
            }

            if (_token.Kind != TokenKind.Name)
            {
                throw Wrong(_token.Kind == TokenKind.End ? "The query ends where a } is expected." : "Here a field is named.");
            }

            if (++_fields > FieldsMax)
            {
                throw Wrong($"A query asks for at most {FieldsMax} fields.");
            }

            fields.Add(Field(depth));
        }

        Expect("}");
        if (fields.Count == 0)
        {
            throw Wrong("At least one field is named between { and }.");
        }

        return fields.Select(field => field.Alias).Distinct(StringComparer.Ordinal).Count() == fields.Count
            ? fields
            : throw Wrong("Two fields have the same name; give one of them an alias.");
    }

    private GraphField Field(int depth)
    {
        var first = Take();
        var name = first;
        if (IsMark(":"))
        {
            Take();
            name = _token.Kind == TokenKind.Name ? Take() : throw Wrong("An alias is followed by the name of a field.");
        }

        var arguments = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
        if (IsMark("("))
        {
            Take();
            while (!IsMark(")"))
            {
                var argument = _token.Kind == TokenKind.Name ? Take() : throw Wrong("Here an argument is named.");
                Expect(":");
                if (!arguments.TryAdd(argument.Text, Value(0)) || arguments.Count > FieldsMax)
                {
                    throw Wrong($"The argument {argument.Text} stands there twice.");
                }
            }

            Take();
        }

        if (IsMark("@"))
        {
            throw Wrong("Directives are not understood.");
        }

        return new GraphField(name.Text, first.Text, arguments, IsMark("{") ? Selection(depth + 1) : [], name.At);
    }

    private JsonNode? Value(int depth)
    {
        if (depth > DepthMax)
        {
            throw Wrong("The value is nested too deeply.");
        }

        switch (_token.Kind)
        {
            case TokenKind.Variable:
                var variable = Take().Text;
                return _declared.TryGetValue(variable, out var value) ? value?.DeepClone() : throw Wrong($"The variable {variable} is not declared.");
            case TokenKind.Text:
                return JsonValue.Create(Take().Text);
            case TokenKind.Number:
                var number = Take();
                return decimal.TryParse(number.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var read)
                    ? JsonValue.Create(read)
                    : throw GraphException.At(_text, number.At, $"{number.Text} is not a number.");
            case TokenKind.Name:
                return Take().Text switch { "true" => JsonValue.Create(true), "false" => JsonValue.Create(false), "null" => null, var word => JsonValue.Create(word) };
            case TokenKind.Mark when _token.Text == "[":
                return Items(depth);
            case TokenKind.Mark when _token.Text == "{":
                return Members(depth);
            default:
                throw Wrong("Here a value is expected.");
        }
    }

    private JsonArray Items(int depth)
    {
        Take();
        var items = new JsonArray();
        while (!IsMark("]"))
        {
            items.Add(Value(depth + 1));
        }

        Take();
        return items;
    }

    private JsonObject Members(int depth)
    {
        Take();
        var members = new JsonObject();
        while (!IsMark("}"))
        {
            var name = _token.Kind == TokenKind.Name ? Take().Text : throw Wrong("Here a member is named.");
            Expect(":");
            members[name] = Value(depth + 1);
        }

        Take();
        return members;
    }

    private bool IsMark(string mark) => _token.Kind == TokenKind.Mark && _token.Text == mark;

    private void Expect(string mark)
    {
        if (!IsMark(mark))
        {
            throw Wrong(_token.Kind == TokenKind.End ? $"The query ends where a {mark} is expected." : $"Here a {mark} is expected.");
        }

        Take();
    }

    private Token Take()
    {
        var taken = _token;
        _token = _lexer.Next();
        return taken;
    }

    private GraphException Wrong(string message) => GraphException.At(_text, _token.At, message);
}
