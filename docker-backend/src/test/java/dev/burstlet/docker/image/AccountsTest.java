package dev.burstlet.docker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.burstlet.container.SecuritySpec;
import dev.burstlet.docker.translate.ProcessUser;
import dev.burstlet.pod.BackendException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccountsTest {
    private static final Accounts ACCOUNTS =
            Accounts.parse(
                    """
                    root:x:0:0:root:/root:/bin/sh
                    web:x:1000:1001::/:/bin/sh
                    broken line
                    """,
                    """
                    root:x:0:root
                    www:x:50:other,web
                    extra:x:60:web,root
                    web:x:1001:
                    """);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ''       |      |      |      | Merge  | 0    | 0    | 60
                    ''       |      |      |      | Strict | 0    | 0    | ''
                    web      |      |      |      | Merge  | 1000 | 1001 | 50 60
                    web:www  |      |      |      | Merge  | 1000 | 50   | 60
                    1000:7   |      |      |      | Merge  | 1000 | 7    | 50 60
                    2000     |      |      |      | Merge  | 2000 | 0    | ''
                    ''       | 1000 |      |      | Merge  | 1000 | 1001 | 50 60
                    ''       | 1000 | 3000 | 4000 | Merge  | 1000 | 3000 | 50 60 4000
                    ''       | 1000 | 3000 | 4000 | Strict | 1000 | 3000 | 4000
                    web:www  | 2000 |      | 4000 | Merge  | 2000 | 0    | 4000
                    web:www  | 1000 |      | 50   | Merge  | 1000 | 1001 | 50 60
                    ''       | 1000 | 60   | 50   | Merge  | 1000 | 60   | 50
                    """)
    void policiesGiveTheGroupsThatAKubeletsRuntimeGives(
            String imageUser,
            @Nullable Long user,
            @Nullable Long group,
            @Nullable Long supplemental,
            String policy,
            long uid,
            long gid,
            String groups) {
        SecuritySpec security =
                security(
                        user,
                        group,
                        supplemental == null ? List.of() : List.of(supplemental),
                        policy.equals("Strict"));

        List<Long> expected =
                Arrays.stream(groups.split(" ", -1))
                        .filter(text -> !text.isEmpty())
                        .map(Long::valueOf)
                        .toList();
        assertThat(ACCOUNTS.resolve(security, imageUser))
                .isEqualTo(new ProcessUser(uid, gid, expected));
    }

    @Test
    void nameThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> ACCOUNTS.resolve(SecuritySpec.DEFAULT, "nobody"))
                .isInstanceOf(BackendException.class)
                .hasMessage("unable to find user nobody: no matching entries in passwd file");
        assertThatThrownBy(() -> ACCOUNTS.resolve(SecuritySpec.DEFAULT, "web:none"))
                .hasMessage("unable to find group none: no matching entries in group file");
    }

    @Test
    void archiveGivesTheFileOrItsLink() {
        byte[] file =
                new Tar()
                        .file(
                                "passwd",
                                "a:x:1:2".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                0644)
                        .bytes();

        assertThat(ImageAccounts.Entry.of(file)).isEqualTo(new ImageAccounts.Entry("a:x:1:2", ""));
        assertThat(ImageAccounts.Entry.of(new byte[0])).isEqualTo(new ImageAccounts.Entry("", ""));
    }

    private static SecuritySpec security(
            @Nullable Long user, @Nullable Long group, List<Long> groups, boolean strict) {
        return new SecuritySpec(
                user, group, groups, false, false, false, List.of(), List.of(), "", "", null, false,
                strict);
    }
}
