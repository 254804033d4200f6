package dev.burstlet.container.memory.shell;

import dev.burstlet.container.memory.shell.Script.Assignment;
import dev.burstlet.container.memory.shell.Script.Redirect;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the command language. */
public final class Parser {
    private static final Set<String> ENDS = Set.of("then", "else", "elif", "fi", "do", "done", "}");
    private static final Pattern ASSIGNMENT =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);

    private final List<Token> tokens;
    private int at;

    private Parser(List<Token> tokens) {
        this.tokens = tokens;
    }

    /**
     * Reads a whole script.
     *
     * @throws SyntaxException where the script is not in the language
     */
    public static Script parse(String source) {
        Parser parser = new Parser(new Lexer(source).tokens());
        Script script = parser.list();
        if (parser.at < parser.tokens.size()) {
            throw new SyntaxException("unexpected " + describe(parser.tokens.get(parser.at)));
        }
        return script;
    }

    private static String describe(Token token) {
        return switch (token) {
            case Token.Text text -> "\"" + text.word().literal() + "\"";
            case Token.Control control -> "\"" + control.operator() + "\"";
            case Token.Redirection redirection -> "redirection " + redirection.operator();
        };
    }

    private @Nullable Token peek() {
        return at < tokens.size() ? tokens.get(at) : null;
    }

    private boolean control(String operator) {
        if (peek() instanceof Token.Control control && control.operator().equals(operator)) {
            at++;
            return true;
        }
        return false;
    }

    private boolean keyword(String text) {
        if (peek() instanceof Token.Text token && token.word().keyword(text)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String text) {
        if (!keyword(text)) {
            @Nullable Token token = peek();
            throw new SyntaxException(
                    (token == null ? "unexpected end of file" : "unexpected " + describe(token))
                            + " (expecting \""
                            + text
                            + "\")");
        }
    }

    private boolean atEnd() {
        return switch (peek()) {
            case null -> true;
            case Token.Control control ->
                    control.operator().equals(")") || control.operator().equals(";;");
            case Token.Text text -> ENDS.stream().anyMatch(text.word()::keyword);
            case Token.Redirection _ -> false;
        };
    }

    private Script list() {
        List<Script> steps = new ArrayList<>();
        while (true) {
            while (control(";")) {}
            if (atEnd()) {
                return steps.size() == 1 ? steps.getFirst() : new Script.Sequence(steps);
            }
            Script step = either();
            if (control("&")) {
                steps.add(new Script.Background(step));
            } else {
                steps.add(step);
                if (!control(";") && !atEnd()) {
                    throw new SyntaxException("unexpected " + describe(tokens.get(at)));
                }
            }
        }
    }

    private Script either() {
        Script left = pipeline();
        while (true) {
            if (control("&&")) {
                skipLines();
                left = new Script.Either(left, true, pipeline());
            } else if (control("||")) {
                skipLines();
                left = new Script.Either(left, false, pipeline());
            } else {
                return left;
            }
        }
    }

    private void skipLines() {
        while (control(";")) {}
    }

    private Script pipeline() {
        boolean negated = keyword("!");
        List<Script> stages = new ArrayList<>();
        stages.add(command());
        while (control("|")) {
            skipLines();
            stages.add(command());
        }
        return stages.size() == 1 && !negated
                ? stages.getFirst()
                : new Script.Pipeline(List.copyOf(stages), negated);
    }

    private Script command() {
        if (control("(")) {
            Script body = list();
            if (!control(")")) {
                throw new SyntaxException("unexpected end of file (expecting \")\")");
            }
            return new Script.Group(body, true, redirects());
        }
        if (keyword("{")) {
            Script body = list();
            expect("}");
            return new Script.Group(body, false, redirects());
        }
        if (keyword("if")) {
            return redirected(condition());
        }
        if (keyword("while")) {
            return redirected(loop(false));
        }
        if (keyword("until")) {
            return redirected(loop(true));
        }
        if (keyword("for")) {
            return redirected(each());
        }
        return simple();
    }

    private Script redirected(Script body) {
        List<Redirect> redirects = redirects();
        return redirects.isEmpty() ? body : new Script.Group(body, false, redirects);
    }

    private Script condition() {
        Script test = list();
        expect("then");
        Script then = list();
        if (keyword("elif")) {
            return new Script.Condition(test, then, condition());
        }
        @Nullable Script otherwise = keyword("else") ? list() : null;
        expect("fi");
        return new Script.Condition(test, then, otherwise);
    }

    private Script loop(boolean until) {
        Script test = list();
        expect("do");
        Script body = list();
        expect("done");
        return new Script.Loop(test, until, body);
    }

    private Script each() {
        if (!(peek() instanceof Token.Text name)) {
            throw new SyntaxException("bad for loop variable");
        }
        at++;
        @Nullable String variable = name.word().literal();
        List<Word> words = new ArrayList<>();
        if (keyword("in")) {
            while (peek() instanceof Token.Text text) {
                words.add(text.word());
                at++;
            }
        }
        skipLines();
        expect("do");
        Script body = list();
        expect("done");
        return new Script.Each(variable == null ? "" : variable, List.copyOf(words), body);
    }

    private List<Redirect> redirects() {
        List<Redirect> redirects = new ArrayList<>();
        while (peek() instanceof Token.Redirection) {
            redirects.add(redirect());
        }
        return List.copyOf(redirects);
    }

    private Redirect redirect() {
        Token.Redirection redirection = (Token.Redirection) tokens.get(at++);
        if (!(peek() instanceof Token.Text target)) {
            throw new SyntaxException("redirection without a target");
        }
        at++;
        return new Redirect(redirection.fd(), redirection.operator(), target.word());
    }

    private Script simple() {
        List<Assignment> assignments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        List<Redirect> redirects = new ArrayList<>();
        while (true) {
            switch (peek()) {
                case Token.Redirection _ -> redirects.add(redirect());
                case Token.Text text -> {
                    at++;
                    @Nullable Assignment set = words.isEmpty() ? assignment(text.word()) : null;
                    if (set == null) {
                        words.add(text.word());
                    } else {
                        assignments.add(set);
                    }
                }
                case null, default -> {
                    if (words.isEmpty() && assignments.isEmpty() && redirects.isEmpty()) {
                        throw new SyntaxException("unexpected end of file");
                    }
                    return new Script.Simple(
                            List.copyOf(assignments), List.copyOf(words), List.copyOf(redirects));
                }
            }
        }
    }

    static @Nullable Assignment assignment(Word word) {
        if (word.parts().isEmpty()
                || !(word.parts().getFirst() instanceof Word.Part.Literal first)
                || first.quoted()) {
            return null;
        }
        Matcher matcher = ASSIGNMENT.matcher(first.text());
        if (!matcher.matches()) {
            return null;
        }
        List<Word.Part> value = new ArrayList<>();
        value.add(new Word.Part.Literal(matcher.group(2), true));
        value.addAll(word.parts().subList(1, word.parts().size()));
        return new Assignment(matcher.group(1), new Word(value));
    }
}
