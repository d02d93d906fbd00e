def test_x(settings): assert settings.KEYRING.active=="k1"
