"""What the words of an alert tell."""

import pytest

from tocsin.incidents.triage.words import consequence, is_approaching, plain


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("KubePodCrashLooping", "kube pod crash looping"),
        ("KubeCPUQuotaOvercommit", "kube cpu quota overcommit"),
        ("RDS-CPUUtilization-High", "rds cpu utilization high"),
        ("disk usage > 80%", "disk usage > 80%"),
    ],
)
def test_a_name_is_read_as_words(name: str, words: str) -> None:
    assert plain(name) == words


@pytest.mark.parametrize(
    "text",
    [
        "Data loss on shard 3",
        "DatabaseCorruptionDetected",
        "WAL corrupted: checksum failure",
        "lost writes after failover",
    ],
)
def test_lost_data_is_recognised(text: str) -> None:
    assert consequence(text) == "data loss"


@pytest.mark.parametrize(
    "text",
    [
        "Security breach reported by audit",
        "Customer records exfiltrated to an unknown host",
        "Leaked credential detected in repository",
        "API key exposed in a public bucket",
        "CryptoCurrency:EC2/BitcoinTool.B!DNS",
        "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
        "Host compromised",
    ],
)
def test_a_breach_is_recognised(text: str) -> None:
    assert consequence(text) == "a breach"


@pytest.mark.parametrize(
    "text",
    [
        "Backup failed: risk of data loss",
        "This may lead to data loss if another node fails",
        "No data loss so far",
        "SLA breach: response time over 2 s",
        "Threshold breached",
        "Malware scanner is down",
        "DataLake sync is slow",
    ],
)
def test_what_only_might_be_or_is_called_alike_is_no_consequence(text: str) -> None:
    assert consequence(text) == ""


@pytest.mark.parametrize(
    "title",
    [
        "NodeFilesystemAlmostOutOfSpace",
        "KubeQuotaAlmostFull",
        "CertManagerCertExpirySoon",
        "Disk usage is above 90% on host",
        "RDS FreeStorageSpace low",
        "KubeClientCertificateExpiration",
    ],
)
def test_a_threshold_that_is_approached_is_recognised(title: str) -> None:
    assert is_approaching(title)


@pytest.mark.parametrize(
    "title",
    ["SslCertificateExpired", "HostOutOfMemory", "KubeQuotaExceeded", "OSError: No space left on device", "MysqlDown"],
)
def test_what_has_failed_is_not_approaching(title: str) -> None:
    assert not is_approaching(title)
